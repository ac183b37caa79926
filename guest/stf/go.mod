module bowline/stf

go 1.19

module bowline/guest

go 1.19

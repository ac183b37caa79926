module bowline/guest

go 1.19

require bowline/stf v0.0.0

replace bowline/stf => ../stf

module bowline/examples

go 1.19

require bowline/guest v0.0.0

replace bowline/guest => ../go

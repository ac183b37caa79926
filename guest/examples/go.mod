module bowline/examples

go 1.19

require bowline/guest v0.0.0

require bowline/stf v0.0.0 // indirect

replace (
	bowline/guest => ../go
	bowline/stf => ../stf
)

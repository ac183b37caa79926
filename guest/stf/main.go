// SPDX-License-Identifier: MIT

// Command bowline-stf is the state transition of the layer 2 (docs/protocol.md, section 5). It reads one
// frame from descriptor 0, writes its private result to descriptor 1 and the public values to descriptor 3,
// and depends on nothing else: no clock, no randomness, no environment, no files.
package main

import (
	"syscall"

	"bowline/stf/codec"
	"bowline/stf/protocol"
	"bowline/stf/smt"
	"bowline/stf/transition"
)

// Exit codes; the result on descriptor 1 begins with the same number.
const (
	exitDone      = 0
	exitInvalid   = 1
	exitMalformed = 2
	exitMissing   = 3
)

const (
	modeStrict  = 0
	modePropose = 1
	modeGenesis = 2

	maxInput      = 256 << 20
	noTransaction = 0xffffffff
)

func main() {
	result, public, code := run(readAll())
	if !writeAll(1, result) || !writeAll(3, public) {
		code = exitMalformed
	}
	syscall.Exit(code)
}

// run is the whole program as a function.
func run(input []byte) (result, public []byte, code int) {
	outcome, err := execute(input)
	var w codec.Writer
	switch cause := err.(type) {
	case nil:
		w.U8(exitDone)
		writeOutcome(&w, outcome)
		return w.Out, outcome.Statement.Encode(), exitDone
	case transition.BadTransaction:
		writeInvalid(&w, cause.Index, cause.Reason)
		return w.Out, nil, exitInvalid
	case transition.Reason:
		writeInvalid(&w, noTransaction, string(cause))
		return w.Out, nil, exitInvalid
	case smt.Missing:
		key := cause.Key.Encode()
		w.U8(exitMissing)
		w.Bytes(key[:])
		return w.Out, nil, exitMissing
	default:
		w.U8(exitMalformed)
		w.Short([]byte(err.Error()))
		return w.Out, nil, exitMalformed
	}
}

func execute(input []byte) (*transition.Outcome, error) {
	r := codec.NewReader(input)
	mode := r.U8()
	params, err := protocol.ParseParams(r.Sized(r.Remaining()))
	if err != nil {
		return nil, err
	}
	if mode == modeGenesis {
		if !r.Done() {
			return nil, codec.Malformed("frame")
		}
		return transition.Genesis(params)
	}
	previous := protocol.ReadHeader(r)
	time, encodedBody := r.U64(), r.Sized(r.Remaining())
	if r.Failed() || (mode != modeStrict && mode != modePropose) {
		return nil, codec.Malformed("frame")
	}
	body, err := protocol.ParseBody(encodedBody)
	if err != nil {
		return nil, err
	}
	tree, err := smt.ReadWitness(r)
	if err != nil {
		return nil, err
	}
	return transition.Run(&transition.Input{
		Params: params, Previous: &previous, Time: time, Body: body, Tree: tree, Propose: mode == modePropose,
	})
}

func writeInvalid(w *codec.Writer, index uint32, reason string) {
	w.U8(exitInvalid)
	w.U32(index)
	w.Short([]byte(reason))
}

func writeOutcome(w *codec.Writer, outcome *transition.Outcome) {
	w.Bytes(outcome.Header.Encode())
	w.U32(uint32(len(outcome.Receipts)))
	for i := range outcome.Receipts {
		w.Bytes(outcome.Receipts[i].Encode())
	}
	w.U32(uint32(len(outcome.Changes)))
	for _, change := range outcome.Changes {
		key := change.Key.Encode()
		w.Bytes(key[:])
		w.U8(change.Kind)
		w.Short(change.ID)
		w.Sized(change.Value)
	}
	w.U32(uint32(len(outcome.Rejected)))
	for _, rejection := range outcome.Rejected {
		w.U32(rejection.Index)
		w.Short([]byte(rejection.Reason))
	}
}

// readAll reads descriptor 0 to its end. An input that is too long is cut off and so malformed.
func readAll() []byte {
	input := make([]byte, 0, 1<<16)
	for len(input) < maxInput {
		if len(input) == cap(input) {
			input = append(input, 0)[:len(input)]
		}
		count, err := syscall.Read(0, input[len(input):cap(input)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count <= 0 {
			break
		}
		input = input[:len(input)+count]
	}
	return input
}

func writeAll(descriptor int, data []byte) bool {
	for len(data) > 0 {
		count, err := syscall.Write(descriptor, data)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return false
		}
		data = data[count:]
	}
	return true
}

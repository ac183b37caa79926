// SPDX-License-Identifier: MIT

package koalabear

// Permute applies the permutation to 16 canonical elements. An element that is not below p is a bug of the
// caller and ends the program: the circuit that will stand in for this function cannot be proven for it (B3).
func Permute(state *[16]uint32) {
	for i, value := range state {
		if value >= Modulus {
			panic("koalabear: an element is not below the modulus")
		}
		state[i] = toMontgomery(value)
	}
	externalMatrix(state)
	for round := 0; round < 4; round++ {
		fullRound(state, &externalInitial[round])
	}
	for round := range internal {
		state[0] = cube(add(state[0], internal[round]))
		internalMatrix(state)
	}
	for round := 0; round < 4; round++ {
		fullRound(state, &externalFinal[round])
	}
	for i, residue := range state {
		state[i] = fromMontgomery(residue)
	}
}

func cube(x uint32) uint32 { return mul(mul(x, x), x) }

func fullRound(state *[16]uint32, constants *[16]uint32) {
	for i := range state {
		state[i] = cube(add(state[i], constants[i]))
	}
	externalMatrix(state)
}

// externalMatrix multiplies each group of four by circ(2, 3, 1, 1) and then adds to every element the sum of
// its residue class modulo 4.
func externalMatrix(state *[16]uint32) {
	var sums [4]uint32
	for group := 0; group < 16; group += 4 {
		a, b, c, d := state[group], state[group+1], state[group+2], state[group+3]
		all := add(add(a, b), add(c, d))
		state[group] = add(all, add(a, add(b, b)))
		state[group+1] = add(all, add(b, add(c, c)))
		state[group+2] = add(all, add(c, add(d, d)))
		state[group+3] = add(all, add(d, add(a, a)))
		for i := range sums {
			sums[i] = add(sums[i], state[group+i])
		}
	}
	for i := range state {
		state[i] = add(state[i], sums[i%4])
	}
}

// internalMatrix is J + diag(diagonal), J all ones.
func internalMatrix(state *[16]uint32) {
	var sum uint32
	for _, x := range state {
		sum = add(sum, x)
	}
	for i, x := range state {
		state[i] = add(sum, mul(x, diagonal[i]))
	}
}

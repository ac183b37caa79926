// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package secp256k1

// point is (x / z^2, y / z^3) on y^2 = x^3 + 7; z = 0 is the point at infinity.
type point struct{ x, y, z element }

func (p *point) isInfinity() bool { return p.z.isZero() }

var generator = point{
	x: element{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac},
	y: element{0x9c47d08ffb10d4b8, 0xfd17b448a6855419, 0x5da4fbfc0e1108a8, 0x483ada7726a3c465},
	z: element{1},
}

var generatorTable = oddMultiples(&generator)

// twice doubles a point.
func twice(p *point) point {
	a, b := square(&p.x), square(&p.y)
	c := square(&b)
	d := add(&p.x, &b)
	d = square(&d)
	d = sub(&d, &a)
	d = sub(&d, &c)
	d = double(&d)
	e := double(&a)
	e = add(&e, &a)
	var out point
	out.x = square(&e)
	out.x = sub(&out.x, &d)
	out.x = sub(&out.x, &d)
	t := sub(&d, &out.x)
	out.y = mul(&e, &t)
	c = double(&c)
	c = double(&c)
	c = double(&c)
	out.y = sub(&out.y, &c)
	out.z = mul(&p.y, &p.z)
	out.z = double(&out.z)
	return out
}

// plus adds two points.
func plus(p, q *point) point {
	if p.isInfinity() {
		return *q
	}
	if q.isInfinity() {
		return *p
	}
	pz, qz := square(&p.z), square(&q.z)
	u1, u2 := mul(&p.x, &qz), mul(&q.x, &pz)
	s1, s2 := mul(&p.y, &q.z), mul(&q.y, &p.z)
	s1, s2 = mul(&s1, &qz), mul(&s2, &pz)
	h, r := sub(&u2, &u1), sub(&s2, &s1)
	if h.isZero() {
		if r.isZero() {
			return twice(p)
		}
		return point{}
	}
	hh := square(&h)
	hhh, v := mul(&hh, &h), mul(&u1, &hh)
	var out point
	out.x = square(&r)
	out.x = sub(&out.x, &hhh)
	out.x = sub(&out.x, &v)
	out.x = sub(&out.x, &v)
	t := sub(&v, &out.x)
	out.y = mul(&r, &t)
	t = mul(&s1, &hhh)
	out.y = sub(&out.y, &t)
	out.z = mul(&p.z, &q.z)
	out.z = mul(&out.z, &h)
	return out
}

func (p *point) negated() point {
	var zero element
	return point{p.x, sub(&zero, &p.y), p.z}
}

// oddMultiples is P, 3P, ..., 15P.
func oddMultiples(p *point) (out [8]point) {
	step := twice(p)
	out[0] = *p
	for i := 1; i < len(out); i++ {
		out[i] = plus(&out[i-1], &step)
	}
	return out
}

// signedDigits writes a scalar as a sum of odd digits between -15 and 15 times powers of two, any two of them
// at least five places apart.
func signedDigits(scalar [4]uint64) (out [257]int8) {
	bit := func(i int) int {
		if i >= 256 {
			return 0
		}
		return int(scalar[i/64] >> uint(i%64) & 1)
	}
	carry := 0
	for i := 0; i < len(out); {
		if bit(i) == carry {
			i++
			continue
		}
		digit := carry
		for j := 0; j < 5; j++ {
			digit += bit(i+j) << uint(j)
		}
		carry = digit >> 4
		out[i] = int8(digit - carry<<5)
		i += 5
	}
	return out
}

// combine is a * G + b * P.
func combine(a [4]uint64, b [4]uint64, p *point) point {
	table := oddMultiples(p)
	aDigits, bDigits := signedDigits(a), signedDigits(b)
	var out point
	for i := len(aDigits) - 1; i >= 0; i-- {
		out = twice(&out)
		out = plusDigit(out, aDigits[i], &generatorTable)
		out = plusDigit(out, bDigits[i], &table)
	}
	return out
}

func plusDigit(p point, digit int8, table *[8]point) point {
	if digit > 0 {
		return plus(&p, &table[digit/2])
	}
	if digit < 0 {
		negative := table[-digit/2].negated()
		return plus(&p, &negative)
	}
	return p
}

// SPDX-License-Identifier: MIT

// Package codec reads and writes the protocol's binary encodings: little-endian integers of fixed width and
// byte strings. A Reader never reads past its input; its first failure sticks and later reads yield zeros, so
// that parsers check once at the end.
package codec

import "math/bits"

// MaxMoney is the most satoshi there can be. No encoding may hold a larger amount.
const MaxMoney = 21_000_000 * 100_000_000

// Malformed says that bytes are no encoding of what was expected.
type Malformed string

func (m Malformed) Error() string { return string(m) }

// Reader takes values off the front of a byte string.
type Reader struct {
	rest   []byte
	failed bool
}

// NewReader reads from data, which must not change meanwhile.
func NewReader(data []byte) *Reader { return &Reader{rest: data} }

// Remaining is the number of bytes not read yet.
func (r *Reader) Remaining() int { return len(r.rest) }

// Fail marks the input as bad.
func (r *Reader) Fail() { r.failed = true }

// Failed tells whether anything went wrong so far.
func (r *Reader) Failed() bool { return r.failed }

// Done tells whether everything was read without a failure.
func (r *Reader) Done() bool { return !r.failed && len(r.rest) == 0 }

// Bytes is a view of the next count bytes; nil when there are too few.
func (r *Reader) Bytes(count int) []byte {
	if r.failed || count < 0 || count > len(r.rest) {
		r.failed = true
		return nil
	}
	out := r.rest[:count:count]
	r.rest = r.rest[count:]
	return out
}

// U8 reads one byte.
func (r *Reader) U8() uint8 {
	if b := r.Bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// U16 reads two bytes.
func (r *Reader) U16() uint16 {
	if b := r.Bytes(2); len(b) == 2 {
		return uint16(b[0]) | uint16(b[1])<<8
	}
	return 0
}

// U32 reads four bytes.
func (r *Reader) U32() uint32 {
	if b := r.Bytes(4); len(b) == 4 {
		return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	}
	return 0
}

// U64 reads eight bytes.
func (r *Reader) U64() uint64 {
	low := r.U32()
	return uint64(low) | uint64(r.U32())<<32
}

// Amount reads eight bytes that must be an amount of money.
func (r *Reader) Amount() uint64 {
	value := r.U64()
	if value > MaxMoney {
		r.failed = true
		return 0
	}
	return value
}

// Array32 reads 32 bytes.
func (r *Reader) Array32() (out [32]byte) {
	copy(out[:], r.Bytes(32))
	return out
}

// Array64 reads 64 bytes.
func (r *Reader) Array64() (out [64]byte) {
	copy(out[:], r.Bytes(64))
	return out
}

// Array80 reads 80 bytes, a Bitcoin header.
func (r *Reader) Array80() (out [80]byte) {
	copy(out[:], r.Bytes(80))
	return out
}

// Sized reads a u32 and that many bytes, at most limit.
func (r *Reader) Sized(limit int) []byte {
	count := r.U32()
	if uint64(count) > uint64(limit) {
		r.failed = true
		return nil
	}
	return r.Bytes(int(count))
}

// Short reads a u8 and that many bytes, at most limit.
func (r *Reader) Short(limit int) []byte {
	count := int(r.U8())
	if count > limit {
		r.failed = true
		return nil
	}
	return r.Bytes(count)
}

// CompactSize reads Bitcoin's variable integer; refuses a longer form than needed and values above limit.
func (r *Reader) CompactSize(limit uint64) uint64 {
	var value, least uint64
	switch first := r.U8(); first {
	case 0xfd:
		value, least = uint64(r.U16()), 0xfd
	case 0xfe:
		value, least = uint64(r.U32()), 0x10000
	case 0xff:
		value, least = r.U64(), 0x100000000
	default:
		value = uint64(first)
	}
	if value < least || value > limit {
		r.failed = true
		return 0
	}
	return value
}

// Writer builds an encoding.
type Writer struct{ Out []byte }

// NewWriter has room for so many bytes before it grows.
func NewWriter(size int) Writer { return Writer{make([]byte, 0, size)} }

// U8 writes one byte.
func (w *Writer) U8(v uint8) { w.Out = append(w.Out, v) }

// U16 writes two bytes.
func (w *Writer) U16(v uint16) { w.Out = append(w.Out, byte(v), byte(v>>8)) }

// U32 writes four bytes.
func (w *Writer) U32(v uint32) { w.Out = append(w.Out, byte(v), byte(v>>8), byte(v>>16), byte(v>>24)) }

// U64 writes eight bytes.
func (w *Writer) U64(v uint64) {
	low, high := uint32(v), uint32(v>>32)
	w.Out = append(w.Out, byte(low), byte(low>>8), byte(low>>16), byte(low>>24),
		byte(high), byte(high>>8), byte(high>>16), byte(high>>24))
}

// Bytes writes the bytes alone.
func (w *Writer) Bytes(v []byte) { w.Out = append(w.Out, v...) }

// Sized writes a u32 length and the bytes.
func (w *Writer) Sized(v []byte) {
	w.U32(uint32(len(v)))
	w.Bytes(v)
}

// Short writes a u8 length and the bytes, of which there are at most 255.
func (w *Writer) Short(v []byte) {
	w.U8(uint8(len(v)))
	w.Bytes(v)
}

// Add is a + b; ok is false when the sum leaves 64 bits.
func Add(a, b uint64) (sum uint64, ok bool) {
	sum, carry := bits.Add64(a, b, 0)
	return sum, carry == 0
}

// Sub is a - b; ok is false when b is larger.
func Sub(a, b uint64) (difference uint64, ok bool) { return a - b, a >= b }

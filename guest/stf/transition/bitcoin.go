// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// loadView reads the view of Bitcoin.
func (m *machine) loadView() error {
	value, found, err := m.tree.Get(protocol.StateKey(protocol.KindL1View, nil))
	if err != nil {
		return err
	}
	m.view = &protocol.L1View{}
	if !found {
		return codec.Malformed("l1 view")
	}
	return protocol.DecodeObject(value, m.view)
}

// follow moves the view of Bitcoin as the L1 section says (rule A7): headers after keep are replaced, only by
// more work, and what then has depth k headers on top is confirmed for good.
func (m *machine) follow(keep uint32, added [][80]byte) error {
	view, confirmed := m.view, m.view.Confirmed
	if keep < confirmed.Height || keep > view.TipHeight {
		return Reason("l1-keep-out-of-range")
	}
	if len(added) == 0 && keep == view.TipHeight {
		return nil
	}
	kept := view.Ring[:keep-confirmed.Height]
	base := walk(confirmed, kept)
	old, tip := walk(base, view.Ring[len(kept):]), base
	ring := append([][80]byte(nil), kept...)
	for _, raw := range added {
		header := bitcoin.ParseHeader(raw)
		if reason := tip.Check(header, m.params.Rules()); reason != "" {
			return Reason(reason)
		}
		tip = tip.Next(header)
		ring = append(ring, raw)
	}
	if !old.Work.Less(tip.Work) {
		return Reason("l1-not-more-work")
	}
	for len(ring) > int(m.params.Depth) {
		confirmed = confirmed.Next(bitcoin.ParseHeader(ring[0]))
		ring = ring[1:]
		if err := m.putBlock(confirmed); err != nil {
			return err
		}
	}
	m.view = &protocol.L1View{TipHeight: tip.Height, TipHash: tip.Hash, Confirmed: confirmed, Ring: ring}
	return m.putView()
}

// walk is the state after headers that were checked before.
func walk(state bitcoin.ChainState, headers [][80]byte) bitcoin.ChainState {
	for _, raw := range headers {
		state = state.Next(bitcoin.ParseHeader(raw))
	}
	return state
}

func (m *machine) putBlock(block bitcoin.ChainState) error {
	id := protocol.HeightID(block.Height)
	value := protocol.EncodeObject(&protocol.L1Block{Hash: block.Hash})
	return m.put(Change{protocol.StateKey(protocol.KindL1Block, id), protocol.KindL1Block, id, value})
}

func (m *machine) putView() error {
	value := protocol.EncodeObject(m.view)
	return m.put(Change{protocol.StateKey(protocol.KindL1View, nil), protocol.KindL1View, nil, value})
}

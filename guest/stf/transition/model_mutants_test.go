// SPDX-License-Identifier: MIT

package transition

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A test that has never failed proves nothing. Here the program itself is changed, one rule at a time, and the model
// must name the rule that no longer holds. All changes go into one build, each behind its name.

type mutant struct {
	name     string
	file     string
	old, new string // GUARD in new stands for: this mutant is on
	scene    int    // of the quick ones
	rule     string // that must be named
}

var mutants = []mutant{
	{"money from nowhere", "machine.go",
		"if before != after {",
		"if before != after && !GUARD {", 0, "conserved"},
	{"the bond twice", "withdrawal.go",
		"w.OperatorFee, w.Bond} {",
		"w.OperatorFee, w.Bond, map[bool]uint64{true: w.Bond}[GUARD || mutantOn == \"money from nowhere\"]} {", 0, "way-back"},
	{"the bond to the operator", "withdrawal.go",
		"	if err := credit(owner, w.Bond); err != nil {",
		"	if GUARD {\n\t\towner, _ = s.account(w.Operator)\n\t}\n	if err := credit(owner, w.Bond); err != nil {", 0, "accounts"},
	{"anybody reclaims", "withdrawal.go",
		"if w.Owner != tx.Sender {",
		"if w.Owner != tx.Sender && !GUARD {", 0, "accounts"},
	{"no reclaim once accepted", "withdrawal.go",
		"	if !s.overdue(w) {",
		"	if !s.overdue(w) || GUARD {", 0, "way-back"},
	{"no margin for the proof", "withdrawal.go",
		"uint64(s.params.Depth) + uint64(s.params.ReclaimMargin)",
		"uint64(s.params.Depth) + uint64(s.params.ReclaimMargin)\n\tif GUARD {\n\t\topens -= uint64(s.params.ReclaimMargin)\n\t}", 0, "time-to-prove"},
	{"late payments count", "withdrawal.go",
		"payload.Payment.Height > w.PayHeight {",
		"payload.Payment.Height > w.PayHeight && !GUARD {", 0, "paid-by-payment"},
	{"any payment counts", "withdrawal.go",
		"if len(tx.Outputs) < 2 || !bitcoin.IsPushReturn(tx.Outputs[1].Script, tag) {",
		"if !GUARD && (len(tx.Outputs) < 2 || !bitcoin.IsPushReturn(tx.Outputs[1].Script, tag)) {", 1, "paid-by-payment"},
	{"a stale view binds", "withdrawal.go",
		"payHeight < uint64(payload.LeastPayHeight) {",
		"payHeight < uint64(payload.LeastPayHeight) && !GUARD {", 0, "pay-height"},
	{"acceptances stay open", "withdrawal.go",
		"	o.OpenAcceptances--",
		"	if !GUARD {\n\t\to.OpenAcceptances--\n\t}", 0, "acceptances"},
	{"a block counts at once", "bitcoin.go",
		"for len(ring) > int(m.params.Depth) {",
		"for len(ring) > int(m.params.Depth) || GUARD && len(ring) > 0 {", 0, "view"},
	{"minted twice", "deposit.go",
		"if e.object != nil {",
		"if e.object != nil && !GUARD {", 2, "minted-once"},
	{"two claims", "claim.go",
		"vault.Status != protocol.VaultLive {",
		"vault.Status != protocol.VaultLive && !GUARD {", 2, "one-claim"},
	{"another's graph", "claim.go",
		"payload.GraphLeaves[payload.OwnIndex] != leaf ||",
		"payload.GraphLeaves[payload.OwnIndex] != leaf && !GUARD ||", 2, "one-claim"},
	{"an invented graph", "claim.go",
		"protocol.GraphRoot(payload) != vault.GraphRoot {",
		"protocol.GraphRoot(payload) != vault.GraphRoot && !GUARD {", 2, "one-claim"},
	{"any spend voids", "claim.go",
		"	if !elsewhere {",
		"	if !elsewhere && !GUARD {", 2, "taken"},
	{"a veto voids nothing", "claim.go",
		"tx.Txid != claim.Take {\n\t\t\telsewhere",
		"tx.Txid != claim.Take && !GUARD {\n\t\t\telsewhere", 2, "way-back"},
	{"any spend settles", "claim.go",
		"	if tx.Txid != claim.Take {",
		"	if tx.Txid != claim.Take && !GUARD {", 2, "taken"},
}

// mutated writes the changed sources and the overlay that puts them in their places.
func mutated(t *testing.T, to string) (overlay string) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{"mutant_on.go": "package transition\n\nimport \"os\"\n\nvar mutantOn = os.Getenv(\"BOWLINE_MUTANT\")\n"}
	for _, m := range mutants {
		if sources[m.file] == "" {
			raw, err := os.ReadFile(m.file)
			if err != nil {
				t.Fatal(err)
			}
			sources[m.file] = string(raw)
		}
		if strings.Count(sources[m.file], m.old) != 1 {
			t.Fatalf("%s: %q stands %d times in %s", m.name, m.old, strings.Count(sources[m.file], m.old), m.file)
		}
		guard := fmt.Sprintf("(mutantOn == %q)", m.name)
		sources[m.file] = strings.Replace(sources[m.file], m.old, strings.Replace(m.new, "GUARD", guard, -1), 1)
	}
	replace := make(map[string]string)
	for file, text := range sources {
		replace[filepath.Join(here, file)] = filepath.Join(to, file)
		if err := os.WriteFile(filepath.Join(to, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := json.Marshal(map[string]interface{}{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(to, "overlay.json")
	if err := os.WriteFile(overlay, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}

// The one rule that is no part of the program: an honest member vetoes in time (rule A1).
func TestModelNeedsTheHonestVeto(t *testing.T) {
	if testing.Short() {
		t.Skip("beside the quick exploration")
	}
	s := quick[2]
	s.noVeto = true
	_, found, path := explore(s)
	if found == nil || !strings.Contains(found.rule, "backed") {
		t.Fatalf("a vault taken without a burn was not noticed: %v", found)
	}
	t.Logf("%s: %s%s", found.rule, found.detail, path)
}

func TestModelFindsEachMutant(t *testing.T) {
	if testing.Short() || os.Getenv("BOWLINE_MODEL") == "deep" {
		t.Skip("beside the quick exploration")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "mutants")
	goTool := filepath.Join(runtime.GOROOT(), "bin", "go")
	build := exec.Command(goTool, "test", "-c", "-vet=off", "-overlay", mutated(t, folder), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, m := range mutants {
		t.Run(strings.Replace(m.name, " ", "-", -1), func(t *testing.T) {
			run := exec.Command(program, "-test.run", "^TestModel$")
			run.Env = append(os.Environ(), "BOWLINE_MUTANT="+m.name, fmt.Sprint("BOWLINE_MODEL_SCENE=", m.scene))
			out, err := run.CombinedOutput()
			if err == nil {
				t.Fatal("nothing was noticed")
			}
			first := strings.SplitN(string(out)+"\n", "\n", 3)[1]
			if !strings.Contains(first, m.rule) {
				t.Errorf("%s was to be named: %s", m.rule, out)
			}
			t.Log(strings.TrimSpace(first))
		})
	}
}

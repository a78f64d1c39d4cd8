// Go-verify checks a served log with Go's own implementation of signed notes and transparent logs,
// golang.org/x/mod/sumdb, which verifies the modules that Go downloads: none of it is Daybook's code.
//
//	go-verify [-event N] [-old FILE] [-proof FILE] [-growth FILE] BASE VKEY...
//
// It opens BASE/checkpoint as a note signed by one of the VKEYs, proves from the log's tiles that an
// event is in the log and that the log only grew, and checks proofs that "daybook prove" wrote.
// Exit status 0 if all of it holds, 1 if anything does not, 2 for wrong usage.
package main

import (
	"flag"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	flags := flag.NewFlagSet("go-verify", flag.ExitOnError)
	event := flags.Int64("event", -1, "the event to prove; the middle one unless given")
	old := flags.String("old", "", "an earlier checkpoint, from which the log must only have grown")
	proof := flags.String("proof", "", "what \"daybook prove SEQ\" printed")
	growth := flags.String("growth", "", "what \"daybook prove --from SIZE\" printed, with -old")
	flags.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go-verify [OPTION...] BASE VKEY...")
		flags.PrintDefaults()
	}
	flags.Parse(os.Args[1:])
	if flags.NArg() < 2 || (*growth != "" && *old == "") {
		flags.Usage()
		os.Exit(2)
	}
	check := &check{keys: flags.Args()[1:], log: &servedLog{base: flags.Arg(0)}}
	if err := check.run(*event, *old, *proof, *growth); err != nil {
		fmt.Printf("WRONG: %v\n", err)
		os.Exit(1)
	}
}

// check is one log with what is known of it before anything is read.
type check struct {
	keys      []string
	verifiers note.Verifiers
	log       *servedLog
	newest    *checkpoint
	// hashes gives any hash of the newest tree, each checked against the tree's root.
	hashes tlog.HashReader
}

// run does all that was asked for, and says what held.
func (c *check) run(event int64, old, proof, growth string) error {
	if err := c.open(); err != nil {
		return err
	}
	if event < 0 {
		event = c.newest.tree.N / 2
	}
	if err := c.included(event); err != nil {
		return fmt.Errorf("event %d: %w", event, err)
	}
	for _, size := range c.sizes() {
		if err := c.grew(size); err != nil {
			return fmt.Errorf("from %d events to %d: %w", size, c.newest.tree.N, err)
		}
	}
	if old != "" {
		if err := c.continues(old, growth); err != nil {
			return fmt.Errorf("%s: %w", old, err)
		}
	}
	if proof != "" {
		if err := c.proves(proof); err != nil {
			return fmt.Errorf("%s: %w", proof, err)
		}
	}
	return nil
}

// open reads the newest checkpoint and its signature.
func (c *check) open() error {
	var known []note.Verifier
	for _, key := range c.keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("the key %q: %w", key, err)
		}
		known = append(known, verifier)
	}
	c.verifiers = note.VerifierList(known...)
	text, err := c.log.get("checkpoint")
	if err != nil {
		return err
	}
	if c.newest, err = openCheckpoint(text, c.verifiers); err != nil {
		return err
	}
	c.hashes = tlog.TileHashReader(c.newest.tree, c.log)
	fmt.Printf("signed      %s, %d events, by key %s\n", c.newest.origin, c.newest.tree.N, c.newest.signer)
	return nil
}

// included proves one event from the served tiles: its line, as served, is a leaf of the tree.
func (c *check) included(event int64) error {
	tree := c.newest.tree
	line, err := c.log.line(event, tree.N)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(tree.N, event, c.hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, event, tlog.RecordHash(line)); err != nil {
		return err
	}
	fmt.Printf("included    event %d, by %d hashes of the served tiles\n", event, len(proof))
	return nil
}

// sizes are those of earlier trees where proofs are of different forms: a power of two, a tile's
// bounds, half the log.
func (c *check) sizes() []int64 {
	size := c.newest.tree.N
	var sizes []int64
	for _, earlier := range []int64{1, 2, size / 2, 255, 256, 257, size - 1, size} {
		if earlier > 0 && earlier <= size {
			sizes = append(sizes, earlier)
		}
	}
	return sizes
}

// grew proves from the served tiles that a tree of the first so many events became the newest.
func (c *check) grew(size int64) error {
	tree := c.newest.tree
	root, err := tlog.TreeHash(size, c.hashes)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, size, c.hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, root); err != nil {
		return err
	}
	fmt.Printf("consistent  from %d events, by %d hashes of the served tiles\n", size, len(proof))
	return nil
}

// continues checks that an earlier checkpoint is of the same log, and a proof of ours that it is.
func (c *check) continues(old, growth string) error {
	text, err := os.ReadFile(old)
	if err != nil {
		return err
	}
	earlier, err := openCheckpoint(text, c.verifiers)
	if err != nil {
		return err
	}
	tree, newest := earlier.tree, c.newest.tree
	if earlier.origin != c.newest.origin {
		return fmt.Errorf("it is of the log %s", earlier.origin)
	}
	if tree.N > newest.N {
		return fmt.Errorf("it has %d events, the served log %d", tree.N, newest.N)
	}
	root, err := tlog.TreeHash(tree.N, c.hashes)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the served log began otherwise: root %v, signed was %v", root, tree.Hash)
	}
	fmt.Printf("continues   the checkpoint of %d events\n", tree.N)
	if growth == "" {
		return nil
	}
	grown, err := readGrowth(growth, c.verifiers)
	if err != nil {
		return fmt.Errorf("%s: %w", growth, err)
	}
	if grown.old != tree.N {
		return fmt.Errorf("%s: it is from %d events, expected %d", growth, grown.old, tree.N)
	}
	to := grown.checkpoint.tree
	if err := tlog.CheckTree(grown.hashes, to.N, to.Hash, tree.N, tree.Hash); err != nil {
		return fmt.Errorf("%s: %w", growth, err)
	}
	fmt.Printf("proof holds from %d events to %d, by %d hashes\n", tree.N, to.N, len(grown.hashes))
	return nil
}

// proves checks a tlog-proof of ours for the line that is served.
func (c *check) proves(path string) error {
	proof, err := readProof(path, c.verifiers)
	if err != nil {
		return err
	}
	line, err := c.log.line(proof.event, c.newest.tree.N)
	if err != nil {
		return err
	}
	tree := proof.checkpoint.tree
	leaf := tlog.RecordHash(line)
	if err := tlog.CheckRecord(proof.hashes, tree.N, tree.Hash, proof.event, leaf); err != nil {
		return err
	}
	fmt.Printf("proof holds event %d of %d, by %d hashes\n", proof.event, tree.N, len(proof.hashes))
	return nil
}

package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is a C2SP tlog-checkpoint whose signature holds.
type checkpoint struct {
	origin string
	signer string
	tree   tlog.Tree
}

// openCheckpoint reads a checkpoint out of a note that a known key has signed.
//
// Go's own tlog.ParseTree reads the one origin of Go's module database only.
func openCheckpoint(text []byte, known note.Verifiers) (*checkpoint, error) {
	opened, err := note.Open(text, known)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return nil, errors.New("the checkpoint has no three lines")
	}
	size, err := decimal(lines[1])
	if err != nil {
		return nil, fmt.Errorf("the checkpoint's size: %w", err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, fmt.Errorf("the checkpoint's root: %w", err)
	}
	signer := opened.Sigs[0]
	key := fmt.Sprintf("%s+%08x", signer.Name, signer.Hash)
	return &checkpoint{lines[0], key, tlog.Tree{N: size, Hash: root}}, nil
}

// proof is a C2SP tlog-proof.
type proof struct {
	event      int64
	hashes     tlog.RecordProof
	checkpoint *checkpoint
}

// readProof reads what "daybook prove SEQ" printed.
func readProof(path string, known note.Verifiers) (*proof, error) {
	head, rest, err := readParts(path)
	if err != nil {
		return nil, err
	}
	if len(head) < 2 || head[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(head[1], "index ") {
		return nil, errors.New("it is no tlog-proof")
	}
	event, err := decimal(strings.TrimPrefix(head[1], "index "))
	if err != nil {
		return nil, err
	}
	hashes, err := readHashes(head[2:])
	if err != nil {
		return nil, err
	}
	signed, err := openCheckpoint(rest, known)
	if err != nil {
		return nil, err
	}
	return &proof{event, hashes, signed}, nil
}

// growth is a proof that a log only grew.
type growth struct {
	old        int64
	hashes     tlog.TreeProof
	checkpoint *checkpoint
}

// readGrowth reads what "daybook prove --from SIZE" printed.
func readGrowth(path string, known note.Verifiers) (*growth, error) {
	head, rest, err := readParts(path)
	if err != nil {
		return nil, err
	}
	if len(head) < 1 || !strings.HasPrefix(head[0], "old ") {
		return nil, errors.New("it is no proof of growth")
	}
	old, err := decimal(strings.TrimPrefix(head[0], "old "))
	if err != nil {
		return nil, err
	}
	hashes, err := readHashes(head[1:])
	if err != nil {
		return nil, err
	}
	signed, err := openCheckpoint(rest, known)
	if err != nil {
		return nil, err
	}
	return &growth{old, hashes, signed}, nil
}

// readParts reads a file: the lines up to its first empty one, and the note that follows.
func readParts(path string) ([]string, []byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	head, rest, found := strings.Cut(string(text), "\n\n")
	if !found {
		return nil, nil, errors.New("there is no empty line before the checkpoint")
	}
	return strings.Split(head, "\n"), []byte(rest), nil
}

func readHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		bytes, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, fmt.Errorf("%q is no hash", line)
		}
		hashes = append(hashes, *(*tlog.Hash)(bytes))
	}
	return hashes, nil
}

// decimal reads digits without leading zeros.
func decimal(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strconv.FormatInt(number, 10) != text {
		return 0, fmt.Errorf("%q is no decimal number", text)
	}
	return number, nil
}

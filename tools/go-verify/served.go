package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// tileHeight is that of C2SP tlog-tiles: 256 hashes a tile.
	tileHeight = 8
	// answerLimit is more than the largest entry bundle has: 256 lines of at most 65,535 bytes.
	answerLimit = 17 << 20
)

// servedLog reads a log over HTTP, as C2SP tlog-tiles.
type servedLog struct {
	base string
}

var client = &http.Client{Timeout: 30 * time.Second}

// get reads a document below the base.
func (l *servedLog) get(path string) ([]byte, error) {
	url := strings.TrimSuffix(l.base, "/") + "/" + path
	answer, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit+1))
	if err == nil && len(body) > answerLimit {
		err = fmt.Errorf("%s: more than %d bytes", url, answerLimit)
	}
	return body, err
}

// Height is the height of the tiles.
func (l *servedLog) Height() int { return tileHeight }

// ReadTiles reads tiles; Go checks each against the root before it uses it.
func (l *servedLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := l.get(path(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes, expected %d", path(tile), len(data), tile.W*tlog.HashSize)
		}
		all = append(all, data)
	}
	return all, nil
}

// SaveTiles has nothing to do: nothing is kept.
func (l *servedLog) SaveTiles([]tlog.Tile, [][]byte) {}

// path is where C2SP tlog-tiles has a tile: Go's path, without the height.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
}

// line reads the line of an event of a log of so many events from its entry bundle.
func (l *servedLog) line(event, size int64) ([]byte, error) {
	if event < 0 || event >= size {
		return nil, fmt.Errorf("there is no event %d in a log of %d", event, size)
	}
	bundle := tlog.Tile{H: tileHeight, L: 0, N: event >> tileHeight, W: 1 << tileHeight}
	if bundle.N == size>>tileHeight {
		bundle.W = int(size & (1<<tileHeight - 1))
	}
	rest, err := l.get(strings.Replace(path(bundle), "tile/0/", "tile/entries/", 1))
	if err != nil {
		return nil, err
	}
	for place := bundle.N << tileHeight; ; place++ {
		if len(rest) < 2 {
			return nil, errors.New("its entry bundle ends before it")
		}
		end := 2 + int(binary.BigEndian.Uint16(rest))
		if len(rest) < end {
			return nil, errors.New("its entry bundle is cut off")
		}
		if place == event {
			return rest[2:end], nil
		}
		rest = rest[end:]
	}
}

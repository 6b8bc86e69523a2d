package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFileIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "out.csv")
	broken := errors.New("the disk went away")
	err := writeOut(out, streams{}, func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	})
	require.ErrorIs(t, err, broken)
	assert.Equal(t, broken.Error(), err.Error(), "and nothing but why")

	taken := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(taken, 0o700))
	err = writeOut(taken, streams{}, func(io.Writer) error { return nil })
	var link *os.LinkError
	require.ErrorAs(t, err, &link)
	assert.Equal(t, link.Error(), err.Error(), "and nothing but why")

	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "no leftovers")

	require.NoError(t, writeOut(out, streams{}, func(w io.Writer) error {
		_, err := io.WriteString(w, "whole")
		return err
	}))
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "whole", string(got))
}

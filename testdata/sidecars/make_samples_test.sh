#!/bin/sh
# The samples are what make_samples.py writes today.
set -eu
cd testdata/sidecars
python3 make_samples.py "$TEST_TMPDIR"
for sample in *.json; do
  cmp "$sample" "$TEST_TMPDIR/$sample"
done

#!/bin/sh
# An editor for `kubectl edit`: changes one value.
sed -i 's/hello/good evening/' "$1"

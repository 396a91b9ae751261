"""The tests of Slipway, as layers that `slipway test` runs."""

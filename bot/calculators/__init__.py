"""Pure functions over dated tables: no clock, no files; whole yen and Decimal rates."""

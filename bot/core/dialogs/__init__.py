"""Dialogs: questions one after the other, and what residents type as answers to them."""

"""Consultation with a person: the resident's side, the consultants' side, and office hours."""

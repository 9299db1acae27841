"""What the catalogue is searched by: a listing's words, kept in step with the vocabulary, and what buyers say of it."""

"""Moving money from one budget line into another (调剂): one document, two people, both sides or neither."""

"""Coverage guarantees: what each village or town is promised, tracked on the map, with demand made before a breach."""

"""The measuring harness: namespaces, generator, interleaved runner, one file per peer. Started by ./fp lab."""

"""What somebody takes along on paper."""

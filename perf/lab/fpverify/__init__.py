"""./fp verify: measures what the project promises and says line by line what holds."""

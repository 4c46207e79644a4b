"""Who and where: people, states, organisations, offices and places, with their aliases, and name consistency within an article."""

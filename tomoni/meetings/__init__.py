"""What two teams write when they meet: reviews as meetings, actions, incidents, decisions, notes."""

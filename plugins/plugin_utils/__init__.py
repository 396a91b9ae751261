"""What the action plugins of lessons share."""

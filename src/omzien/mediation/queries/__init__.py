"""What pages show of cases, each as far as who looks may see it."""

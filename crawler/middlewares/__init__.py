"""What every request passes on its way out: the address guard and robots.txt."""

"""What a municipality may choose without anybody who programs: one table, its checks, one file."""

"""What every address costs: as many queries for three of anything as for one."""

"""A place's service list (服务清单): what can be had and ordered there, to read and to print."""

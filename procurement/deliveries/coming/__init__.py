"""Who comes to a village: seen on the order's page, told when somebody is found."""

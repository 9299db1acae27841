"""The year's flagship projects (法治惠民实事项目): a promise with a number, adopted by a second person, kept or not."""

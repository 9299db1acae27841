"""The clock within which a provider answers, the reasons for not taking an order, and who refuses again and again."""

/** The least that a process does: it starts, and says so. */
process.send?.('started');
process.disconnect();

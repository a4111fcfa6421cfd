/* Empty: libFuzzer has the main function, FuzzTarget what it calls. */

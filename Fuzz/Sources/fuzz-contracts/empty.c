/* Empty: libFuzzer has the main function, ContractFuzzTarget what it calls. */

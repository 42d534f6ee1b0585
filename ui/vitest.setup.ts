import { configure } from "@testing-library/svelte";

// A machine may have others to serve: what is waited for comes, and how long it takes proves nothing.
configure({ asyncUtilTimeout: 10_000 });

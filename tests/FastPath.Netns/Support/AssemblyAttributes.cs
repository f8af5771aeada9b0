using Xunit.Sdk;
using Xunit.v3;

// Tests share one kernel and two processors: one after the other.
[assembly: Parallelization(Mode = ParallelMode.None)]

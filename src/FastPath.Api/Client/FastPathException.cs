using System;

namespace FastPath.Api;

/// <summary>fastpathd refused a request; the problem says why, with every field error.</summary>
public sealed class FastPathException(Problem problem)
    : Exception(problem.Detail.Length > 0 ? problem.Detail : problem.Title)
{
    public Problem Problem { get; } = problem;

    /// <summary>HTTP status.</summary>
    public int Status => Problem.Status;
}

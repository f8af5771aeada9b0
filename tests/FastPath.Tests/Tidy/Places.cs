using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>Which namespaces and types a folder may use: what an analyzer per project cannot say.</summary>
public static class Places
{
    /// <summary>Namespaces that must not be imported, by folder.</summary>
    private static readonly (string Folder, string[] Namespaces, string Reason)[] s_namespaces =
    [
        ("src/FastPath.Net/", ["System.IO", "System.Net", "System.Threading", "System.Linq", "System.Collections"],
            "the wire layer is pure functions over bytes"),
        ("src/FastPath.Dataplane/",
            ["System.Linq", "System.Threading.Tasks", "System.Collections.Concurrent", "Microsoft"],
            "workers allocate nothing and wait for nobody"),
        ("src/FastPath.Dataplane/Nodes/", ["System.Threading", "System.IO", "System.Diagnostics"],
            "a node touches its batch, its worker and its tables"),
        ("src/FastPath.Api/", ["Microsoft.AspNetCore", "FastPath.Net", "FastPath.Dataplane"],
            "the contract depends on nothing"),
    ];

    /// <summary>Types that may be named in few files of the data plane, and why those.</summary>
    private static readonly (string Type, string[] Files, string Reason)[] s_types =
    [
        ("Interlocked", ["Sleeper.cs", "Handoff.cs", "Idle.cs", "Epochs.cs"], "one writer per word (decision 0007)"),
        ("Stopwatch", ["Clock.cs", "WorkerThread.cs"], "time is passed in"),
        ("GC", [], "workers do not collect"),
    ];

    public static IEnumerable<string> Check(SourceFile file)
    {
        foreach (UsingDirectiveSyntax import in file.Root.Usings)
        {
            string name = import.Name?.ToString() ?? "";
            foreach ((string folder, string[] namespaces, string reason) in s_namespaces)
                if (file.IsUnder(folder) && namespaces.Any(banned => IsOrIsUnder(name, banned)))
                    yield return file.At(import, $"no {name} here: {reason}");
        }

        if (!file.IsUnder("src/FastPath.Dataplane/"))
            yield break;
        foreach (MemberAccessExpressionSyntax access in file.All<MemberAccessExpressionSyntax>())
        {
            string name = access.Expression.ToString().Split('.')[^1];
            foreach ((string type, string[] files, string reason) in s_types)
                if (name == type && access.Name.ToString() != "SuppressFinalize" && !files.Any(file.Path.EndsWith))
                    yield return file.At(access, $"no {type} here: {reason}");
            if (name == "Interlocked" && access.Name.ToString() != "MemoryBarrier")
                yield return file.At(access, "Interlocked is for MemoryBarrier alone (decision 0007)");
        }
    }

    private static bool IsOrIsUnder(string name, string banned) =>
        name == banned || name.StartsWith(banned + ".", StringComparison.Ordinal);
}

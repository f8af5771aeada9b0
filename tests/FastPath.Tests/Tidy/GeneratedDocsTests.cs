using System;
using System.IO;
using System.Reflection;
using FastPath.Dataplane.Telemetry;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>
/// Derived documents are as the code says. <c>./fp docs</c> runs this with FP_DOCS=write, which writes them.
/// </summary>
public sealed class GeneratedDocsTests
{
    public static TheoryData<string> Documents => [.. DocsWriter.All.Keys];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Derived_documents_are_fresh(string path)
    {
        string text = DocsWriter.All[path]();
        string full = SourceTree.Full(path);
        if (Environment.GetEnvironmentVariable("FP_DOCS") == "write")
            File.WriteAllText(full, text);
        Assert.True(File.Exists(full) && File.ReadAllText(full) == text, $"{path}:1: old: run ./fp docs and commit it");
    }

    public static TheoryData<Counter> Counters => [.. Enum.GetValues<Counter>()];

    [Theory]
    [MemberData(nameof(Counters))]
    public void Every_counter_has_a_unit_and_a_sentence(Counter counter)
    {
        CounterAttribute? about = typeof(Counter).GetField(counter.ToString())!.GetCustomAttribute<CounterAttribute>();
        Assert.NotNull(about);
        Assert.NotEmpty(about.Unit);
        Assert.EndsWith(".", about.Sentence, StringComparison.Ordinal);
    }
}

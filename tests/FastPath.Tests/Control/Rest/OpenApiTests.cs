using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using FastPath.Tests.Docs;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class OpenApiTests
{
    /// <summary>Set to write docs/openapi.json instead of comparing it.</summary>
    private const string UpdateVariable = "FP_UPDATE_DOCS";

    [Fact]
    public async Task The_committed_document_is_fresh()
    {
        await using RestBench bench = await RestBench.Start();
        string served = (await bench.Get("/openapi/v1.json")).Body.ReplaceLineEndings("\n").TrimEnd() + "\n";
        string path = Path.Combine(Repository.Root, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(UpdateVariable) != null)
            await File.WriteAllTextAsync(path, served);

        bool isFresh = await File.ReadAllTextAsync(path) == served;
        Assert.True(isFresh, $"docs/openapi.json is old: run the tests with {UpdateVariable}=1");
    }

    [Fact]
    public async Task Every_operation_is_described_and_every_parameter_named()
    {
        await using RestBench bench = await RestBench.Start();
        JsonElement document = (await bench.Get("/openapi/v1.json")).Json;
        int operations = 0;
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
            foreach (JsonProperty method in path.Value.EnumerateObject())
            {
                operations++;
                string at = $"{method.Name} {path.Name}";
                Assert.True(method.Value.TryGetProperty("operationId", out _), at);
                Assert.True(method.Value.GetProperty("summary").GetString()!.EndsWith('.'), at);
                IEnumerable<string> named = method.Value.TryGetProperty("parameters", out JsonElement parameters)
                    ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path")
                        .Select(p => p.GetProperty("name").GetString()!)
                    : [];
                Assert.Equal(path.Name.Count(c => c == '{'), named.Count());
                Assert.Equal(method.Name == "put", method.Value.TryGetProperty("requestBody", out _));
            }

        // Seven kinds of object with four operations, punt with three, config with two, and what is read only.
        Assert.Equal((7 * 4) + 3 + 2 + 1 + 6 + 3, operations);
    }
}

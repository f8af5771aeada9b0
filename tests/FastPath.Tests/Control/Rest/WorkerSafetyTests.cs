using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using FastPath.Control.Rest;
using Xunit;

namespace FastPath.Tests.Control.Rest;

public sealed class WorkerSafetyTests
{
    /// <summary>
    /// What cannot name a worker cannot make one wait. Every call, field and type in the code of REST and metrics is
    /// looked at: of the data plane only the list of counters, which are constants, may appear.
    /// </summary>
    [Fact]
    public void No_handler_can_reach_a_worker()
    {
        using PEReader file = new(File.OpenRead(typeof(RestApi).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        SortedSet<string> found = [];
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            if (!IsServing(metadata, type))
                continue;
            foreach (MethodDefinitionHandle method in type.GetMethods())
                foreach (string name in NamesIn(file, metadata, metadata.GetMethodDefinition(method)))
                    if (name.StartsWith("FastPath.Dataplane", StringComparison.Ordinal)
                        || name.StartsWith("FastPath.Xdp", StringComparison.Ordinal)
                        || name.StartsWith("FastPath.Control.Switch", StringComparison.Ordinal))
                        found.Add(name);
        }

        Assert.Equal(["FastPath.Dataplane.Telemetry.Counter", "FastPath.Dataplane.Telemetry.CounterAttribute"], found);
    }

    private static bool IsServing(MetadataReader metadata, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Namespace) is "FastPath.Control.Rest" or "FastPath.Control.Metrics";
    }

    // Types named by the instructions of a method: every four bytes that are a token of a type or of a type's member.
    private static IEnumerable<string> NamesIn(PEReader file, MetadataReader metadata, MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0)
            yield break;
        byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        for (int at = 0; at + 4 <= code.Length; at++)
            if (TypeOf(metadata, BitConverter.ToInt32(code, at)) is { } name)
                yield return name;
    }

    private static string? TypeOf(MetadataReader metadata, int token)
    {
        int row = token & 0xFF_FFFF;
        switch (token >>> 24)
        {
            case 0x01 when row >= 1 && row <= metadata.GetTableRowCount(TableIndex.TypeRef):
                TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)HandleOf(token));
                return $"{metadata.GetString(reference.Namespace)}.{metadata.GetString(reference.Name)}";
            case 0x02 when row >= 1 && row <= metadata.TypeDefinitions.Count:
                TypeDefinition type = metadata.GetTypeDefinition((TypeDefinitionHandle)HandleOf(token));
                return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            case 0x0A when row >= 1 && row <= metadata.MemberReferences.Count:
                Handle parent = metadata.GetMemberReference((MemberReferenceHandle)HandleOf(token)).Parent;
                return parent.Kind is HandleKind.TypeReference or HandleKind.TypeDefinition
                    ? TypeOf(metadata, MetadataTokens.GetToken((EntityHandle)parent))
                    : null;
            default:
                return null;
        }
    }

    private static EntityHandle HandleOf(int token) => MetadataTokens.EntityHandle(token);
}

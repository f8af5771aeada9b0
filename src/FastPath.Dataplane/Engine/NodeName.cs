using System;

namespace FastPath.Dataplane.Engine;

/// <summary>The name of a node in the graph and in counters.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NodeNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

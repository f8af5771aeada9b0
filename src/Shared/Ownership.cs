using System;

namespace FastPath;

/// <summary>State of exactly one worker: that worker writes it, and nobody else touches it while the worker runs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class PerWorkerAttribute : Attribute;

/// <summary>Immutable, or written by a single writer and read by all workers without waiting.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class SharedAttribute : Attribute;

/// <summary>Touched by the control plane only.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class ControlAttribute : Attribute;

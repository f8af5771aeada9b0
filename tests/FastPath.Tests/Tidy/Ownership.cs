using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastPath.Tests.Tidy;

/// <summary>Finds classes and structs of which nobody can say who writes them.</summary>
public static class Ownership
{
    private static readonly string[] s_attributes = ["PerWorker", "Shared", "Control"];

    /// <summary>
    /// A type has exactly one ownership attribute, of its own, of its base class or of the type around it. Records are
    /// values that nobody writes; attributes and exceptions belong to the runtime.
    /// </summary>
    public static IEnumerable<string> Check(IReadOnlyList<SourceFile> files)
    {
        Dictionary<string, TypeDeclarationSyntax> byName = [];
        foreach (TypeDeclarationSyntax type in files.SelectMany(file => file.All<TypeDeclarationSyntax>()))
            byName.TryAdd(type.Identifier.Text, type);

        foreach (SourceFile file in files)
        {
            foreach (TypeDeclarationSyntax type in file.All<TypeDeclarationSyntax>())
            {
                int own = Own(type).Count();
                if (own > 1)
                    yield return file.At(type, $"{type.Identifier} has {own} owners");
                if (own == 0 && NeedsOwner(type) && !Inherits(type, byName))
                    yield return file.At(type,
                        $"{type.Identifier} says who writes it: [PerWorker], [Shared] or [Control]");
            }
        }
    }

    private static IEnumerable<string> Own(TypeDeclarationSyntax type) => type.AttributeLists
        .SelectMany(list => list.Attributes).Select(attribute =>
            attribute.Name.ToString()).Where(s_attributes.Contains);

    private static bool NeedsOwner(TypeDeclarationSyntax type)
    {
        bool isPassive = type is InterfaceDeclarationSyntax or RecordDeclarationSyntax;
        string? parent = BaseName(type);
        return !isPassive && parent?.EndsWith("Attribute", StringComparison.Ordinal) != true
            && parent?.EndsWith("Exception", StringComparison.Ordinal) != true;
    }

    private static bool Inherits(TypeDeclarationSyntax type, Dictionary<string, TypeDeclarationSyntax> byName)
    {
        if (type.Parent is TypeDeclarationSyntax around && (Own(around).Any() || Inherits(around, byName)))
            return true;
        return BaseName(type) is { } name && byName.TryGetValue(name, out TypeDeclarationSyntax? parent)
            && (Own(parent).Any() || Inherits(parent, byName));
    }

    private static string? BaseName(TypeDeclarationSyntax type)
    {
        TypeSyntax? first = type.BaseList?.Types.FirstOrDefault()?.Type;
        return first is GenericNameSyntax generic ? generic.Identifier.Text : first?.ToString();
    }
}

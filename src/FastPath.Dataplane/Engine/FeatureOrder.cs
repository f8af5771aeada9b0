using System;
using System.Collections.Generic;
using System.Reflection;

namespace FastPath.Dataplane.Engine;

/// <summary>Sorts the features of each arc by what they declare, and draws the edges that chains may take.</summary>
[Control]
internal static class FeatureOrder
{
    /// <summary>Features by arc, each list in order.</summary>
    /// <exception cref="InvalidOperationException">After and Before contradict each other, or name no feature of the
    /// arc.</exception>
    public static Dictionary<Arc, List<string>> Of(IReadOnlyDictionary<string, Type> nodes)
    {
        Dictionary<Arc, List<string>> ordered = [];
        foreach (Arc arc in Enum.GetValues<Arc>())
            ordered[arc] = OrderOf(arc, nodes);
        return ordered;
    }

    /// <summary>
    /// From the arc's start to each feature, from each to each later one, and from each to the arc's end.
    /// </summary>
    public static List<EdgeDeclaration> EdgesOf(Dictionary<Arc, List<string>> features,
        IReadOnlyDictionary<string, Type> nodes)
    {
        List<EdgeDeclaration> edges = [];
        foreach ((Arc arc, List<string> names) in features)
        {
            for (int n = 0; n < names.Count; n++)
            {
                edges.Add(new EdgeDeclaration(ArcEnds.StartOf(arc), names[n], Recirculates: false, IsFeature: true));
                for (int later = n + 1; later < names.Count; later++)
                    edges.Add(new EdgeDeclaration(names[n], names[later], Recirculates: false, IsFeature: true));
                if (nodes.ContainsKey(ArcEnds.Of(arc)))
                    edges.Add(new EdgeDeclaration(names[n], ArcEnds.Of(arc), Recirculates: false, IsFeature: true));
            }
        }

        return edges;
    }

    private static List<string> OrderOf(Arc arc, IReadOnlyDictionary<string, Type> nodes)
    {
        List<string> names = [];
        List<EdgeDeclaration> order = [];
        foreach ((string name, Type type) in nodes)
        {
            if (type.GetCustomAttribute<FeatureAttribute>() is not { } feature || feature.Arc != arc)
                continue;
            names.Add(name);
            foreach (string earlier in feature.After)
                order.Add(new EdgeDeclaration(earlier, name, Recirculates: false));
            foreach (string later in feature.Before)
                order.Add(new EdgeDeclaration(name, later, Recirculates: false));
        }

        foreach (EdgeDeclaration edge in order)
            if (!names.Contains(edge.From) || !names.Contains(edge.To))
                throw new InvalidOperationException($"{edge.From} before {edge.To}: not both are features of {arc}");
        return TopologicalOrder.Of(names, order);
    }
}

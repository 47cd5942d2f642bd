namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>Our nft table by its objects.</summary>
/// <param name="Objects">By <see cref="NftObject.Key"/>, in the order they are declared.</param>
/// <param name="Properties">Lines of the table itself, such as "flags dormant"; ours has none.</param>
public sealed record NftTable(IReadOnlyDictionary<string, NftObject> Objects, IReadOnlyList<string> Properties)
{
    /// <summary>Its name in the inet family.</summary>
    public const string Name = "vprox";

    /// <summary>A table of these objects.</summary>
    public static NftTable Of(IEnumerable<NftObject> objects) => new(objects.ToDictionary(item => item.Key), []);
}

using System.Collections.Immutable;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>Adds or overwrites tags of instances and ENIs.</summary>
public sealed record CreateTags : IEc2Command<bool>
{
    public required IReadOnlyList<string> ResourceIds { get; init; }

    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    public Change<bool> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        foreach (var id in ResourceIds)
        {
            if (state.Instances.TryGetValue(id, out var instance))
                state = state.With(instance with { Tags = instance.Tags.SetItems(Tags) });
            else if (state.NetworkInterfaces.TryGetValue(id, out var eni))
                state = state.With(eni with { Tags = eni.Tags.SetItems(Tags) });
            else
                return new Ec2Error("InvalidID", $"The ID '{id}' is not valid");
        }
        return Change.Done<bool>(state, true);
    }
}

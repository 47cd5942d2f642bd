namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>Takes an Elastic IP off its private address.</summary>
public sealed record DisassociateAddress : IEc2Command<bool>
{
    public required string AssociationId { get; init; }

    public Change<bool> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        var ip = state.ElasticIps.Values.FirstOrDefault(candidate => candidate.Association?.Id == AssociationId);
        return ip is null
            ? Ec2Error.AssociationNotFound(AssociationId)
            : Change.Done<bool>(state.With(ip with { Association = null }), true);
    }
}

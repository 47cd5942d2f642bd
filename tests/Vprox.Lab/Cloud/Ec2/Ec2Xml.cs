using System.Xml.Linq;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>Elements that several answers share, and the envelopes around them.</summary>
public static class Ec2Xml
{
    public const string Owner = "123456789012";
    public const string Vpc = "vpc-0000000000000001";

    private static readonly XNamespace Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

    public static XElement Response(string action, string requestId, IEnumerable<XElement> content)
    {
        var root = new XElement(action + "Response", new XElement("requestId", requestId), content);
        foreach (var element in root.DescendantsAndSelf())
            element.Name = Namespace + element.Name.LocalName;
        return root;
    }

    public static XElement Error(Ec2Error error, string requestId) => new("Response",
        new XElement("Errors", new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))),
        new XElement("RequestID", requestId));

    public static XElement State(string element, InstanceState state) => new(element,
        new XElement("code", (int)state),
        new XElement("name", state.Name()));

    public static XElement Association(ElasticIp ip) => new("association",
        new XElement("publicIp", ip.PublicAddress),
        new XElement("allocationId", ip.AllocationId),
        new XElement("associationId", ip.Association?.Id),
        new XElement("ipOwnerId", Owner));

    public static XElement Tags(IReadOnlyDictionary<string, string> tags) => new("tagSet",
        tags.Select(tag => new XElement("item", new XElement("key", tag.Key), new XElement("value", tag.Value))));
}

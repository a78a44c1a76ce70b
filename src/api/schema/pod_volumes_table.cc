// Volumes of a pod. The CRDs publish the whole list without a type; the order of the fields still decides the hash.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kVolumeTable = R"(
Volume "A storage of a pod: a name and exactly one source." {
  name: string required always "Name of the volume, a DNS label that is unique in the pod."
  hostPath: HostPathVolumeSource "A file or folder of the node."
  emptyDir: EmptyDirVolumeSource "A folder that starts empty and goes with the pod."
  gcePersistentDisk: GCEPersistentDiskVolumeSource "A disk of Google Compute Engine; use a claim instead."
  awsElasticBlockStore: AWSElasticBlockStoreVolumeSource "A disk of AWS; use a claim instead."
  gitRepo: GitRepoVolumeSource "A clone of a repository; not supported any more."
  secret: SecretVolumeSource "The keys of a Secret as files."
  nfs: NFSVolumeSource "A folder of an NFS server."
  iscsi: ISCSIVolumeSource "An iSCSI disk."
  glusterfs: GlusterfsVolumeSource "A GlusterFS volume; not supported any more."
  persistentVolumeClaim: PersistentVolumeClaimVolumeSource "A PersistentVolumeClaim of the namespace."
  rbd: RBDVolumeSource "A Ceph block device; not supported any more."
  flexVolume: FlexVolumeSource "A volume of an executable driver; use csi instead."
  cinder: CinderVolumeSource "An OpenStack disk; use a claim instead."
  cephfs: CephFSVolumeSource "A CephFS folder; not supported any more."
  flocker: FlockerVolumeSource "A Flocker volume; not supported any more."
  downwardAPI: DownwardAPIVolumeSource "Fields of the pod as files."
  fc: FCVolumeSource "A Fibre Channel disk."
  azureFile: AzureFileVolumeSource "An Azure file share; use a claim instead."
  configMap: ConfigMapVolumeSource "The keys of a ConfigMap as files."
  vsphereVolume: VsphereVirtualDiskVolumeSource "A vSphere disk; use a claim instead."
  quobyte: QuobyteVolumeSource "A Quobyte volume; not supported any more."
  azureDisk: AzureDiskVolumeSource "An Azure disk; use a claim instead."
  photonPersistentDisk: PhotonPersistentDiskVolumeSource "A Photon disk; not supported any more."
  projected: ProjectedVolumeSource "Several sources in one folder."
  portworxVolume: PortworxVolumeSource "A Portworx volume; use a claim instead."
  scaleIO: ScaleIOVolumeSource "A ScaleIO volume; not supported any more."
  storageos: StorageOSVolumeSource "A StorageOS volume; not supported any more."
  csi: CSIVolumeSource "A volume of a CSI driver that lives as long as the pod."
  ephemeral: EphemeralVolumeSource "A claim that is made for the pod and goes with it."
  image: ImageVolumeSource "The content of an image."
}
HostPathVolumeSource "A file or folder of the node." {
  path: string required always "Path on the node."
  type: string? "What must be there: Directory, DirectoryOrCreate, File, FileOrCreate, Socket, CharDevice, BlockDevice; no check when empty."
}
EmptyDirVolumeSource "A folder that starts empty and goes with the pod." {
  medium: string "Where it is kept: empty for the disk of the node, Memory, or HugePages and HugePages- with a size."
  sizeLimit: quantity? "The most it may hold; no limit when unset."
}
GCEPersistentDiskVolumeSource "A disk of Google Compute Engine." {
  pdName: string required always "Name of the disk."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  partition: int32 "Number of the partition; the whole disk when 0."
  readOnly: bool "True forbids writing; false when unset."
}
AWSElasticBlockStoreVolumeSource "A disk of AWS." {
  volumeID: string required always "Identity of the disk."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  partition: int32 "Number of the partition; the whole disk when 0."
  readOnly: bool "True forbids writing; false when unset."
}
GitRepoVolumeSource "A clone of a repository." {
  repository: string required always "Address of the repository."
  revision: string "Commit to check out."
  directory: string "Folder to clone into; without dot-dot."
}
SecretVolumeSource "The keys of a Secret as files." {
  secretName: string "Name of the Secret in the namespace of the pod."
  items: [KeyToPath] atomic "Which keys become which files; all of them under their own names when unset."
  defaultMode: int32? "Permission bits of the files, 0 to 0777; 0644 when unset. JSON needs them as a decimal number."
  optional: bool? "True lets the pod start also when the Secret or a key is missing."
}
NFSVolumeSource "A folder of an NFS server." {
  server: string required always "Host name or address of the server."
  path: string required always "Path the server exports."
  readOnly: bool "True forbids writing; false when unset."
}
ISCSIVolumeSource "An iSCSI disk." {
  targetPortal: string required always "Address of the target, with the port unless it is 860 or 3260."
  iqn: string required always "Qualified name of the target."
  lun: int32 required always "Number of the disk at the target."
  iscsiInterface: string "Name of the interface to use; default when unset."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
  portals: [string] atomic "Further addresses of the target."
  chapAuthDiscovery: bool "Whether the search for targets uses CHAP."
  chapAuthSession: bool "Whether sessions use CHAP."
  secretRef: LocalObjectReference "Secret with the credentials."
  initiatorName: string? "Qualified name of the initiator; that of the node when unset."
}
GlusterfsVolumeSource "A GlusterFS volume." {
  endpoints: string required always "Name of the Endpoints with the servers."
  path: string required always "Path of the volume."
  readOnly: bool "True forbids writing; false when unset."
}
PersistentVolumeClaimVolumeSource "A claim of the namespace." {
  claimName: string required always "Name of the PersistentVolumeClaim."
  readOnly: bool "True forbids writing; false when unset."
}
RBDVolumeSource "A Ceph block device." {
  monitors: [string] required always atomic "Addresses of the Ceph monitors."
  image: string required always "Name of the image."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  pool: string "Name of the pool; rbd when unset."
  user: string "Name of the user; admin when unset."
  keyring: string "Path of the key ring on the node; /etc/ceph/keyring when unset."
  secretRef: LocalObjectReference "Secret with the credentials."
  readOnly: bool "True forbids writing; false when unset."
}
FlexVolumeSource "A volume of an executable driver." {
  driver: string required always "Name of the driver."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  secretRef: LocalObjectReference "Secret with the credentials."
  readOnly: bool "True forbids writing; false when unset."
  options: {string} "What the driver is told."
}
CinderVolumeSource "An OpenStack disk." {
  volumeID: string required always "Identity of the disk."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
  secretRef: LocalObjectReference "Secret with the credentials."
}
CephFSVolumeSource "A CephFS folder." {
  monitors: [string] required always atomic "Addresses of the Ceph monitors."
  path: string "Folder to mount; / when unset."
  user: string "Name of the user; admin when unset."
  secretFile: string "Path of the secret of the user on the node."
  secretRef: LocalObjectReference "Secret with the credentials."
  readOnly: bool "True forbids writing; false when unset."
}
FlockerVolumeSource "A Flocker volume." {
  datasetName: string "Name of the data set."
  datasetUUID: string "Identity of the data set."
}
DownwardAPIVolumeSource "Fields of the pod as files." {
  items: [DownwardAPIVolumeFile] atomic "The files."
  defaultMode: int32? "Permission bits of the files, 0 to 0777; 0644 when unset."
}
FCVolumeSource "A Fibre Channel disk." {
  targetWWNs: [string] atomic "World wide names of the targets; needs lun."
  lun: int32? "Number of the disk at the target."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
  wwids: [string] atomic "World wide identities of the disk; instead of targetWWNs and lun."
}
AzureFileVolumeSource "An Azure file share." {
  secretName: string required always "Secret with name and key of the storage account."
  shareName: string required always "Name of the share."
  readOnly: bool "True forbids writing; false when unset."
}
ConfigMapVolumeSource "The keys of a ConfigMap as files." {
  name: string default("") "Name of the ConfigMap in the namespace of the pod."
  items: [KeyToPath] atomic "Which keys become which files; all of them under their own names when unset."
  defaultMode: int32? "Permission bits of the files, 0 to 0777; 0644 when unset. JSON needs them as a decimal number."
  optional: bool? "True lets the pod start also when the ConfigMap or a key is missing."
}
VsphereVirtualDiskVolumeSource "A vSphere disk." {
  volumePath: string required always "Path of the disk."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  storagePolicyName: string "Name of the storage policy."
  storagePolicyID: string "Identity of the storage policy."
}
QuobyteVolumeSource "A Quobyte volume." {
  registry: string required always "Addresses of the registries, with ports, separated by commas."
  volume: string required always "Name of the volume."
  readOnly: bool "True forbids writing; false when unset."
  user: string "User it is mounted as; that of the service when unset."
  group: string "Group it is mounted as; none when unset."
  tenant: string "Tenant that owns the volume."
}
AzureDiskVolumeSource "An Azure disk." {
  diskName: string required always "Name of the disk."
  diskURI: string required always "Address of the disk."
  cachingMode: string? "None, ReadOnly or ReadWrite; ReadWrite when unset."
  fsType: string? "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool? "True forbids writing; false when unset."
  kind: string? "Shared, Dedicated or Managed; Shared when unset."
}
PhotonPersistentDiskVolumeSource "A Photon disk." {
  pdID: string required always "Identity of the disk."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
}
ProjectedVolumeSource "Several sources in one folder." {
  sources: [VolumeProjection] always atomic "The sources; each entry is one of them."
  defaultMode: int32? "Permission bits of the files, 0 to 0777; 0644 when unset."
}
PortworxVolumeSource "A Portworx volume." {
  volumeID: string required always "Identity of the volume."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
}
ScaleIOVolumeSource "A ScaleIO volume." {
  gateway: string required always "Address of the gateway."
  system: string required always "Name of the storage system."
  secretRef: LocalObjectReference? required always "Secret with the credentials."
  sslEnabled: bool "Whether the gateway is asked over TLS."
  protectionDomain: string "Name of the protection domain."
  storagePool: string "Name of the storage pool."
  storageMode: string "ThickProvisioned or ThinProvisioned; ThinProvisioned when unset."
  volumeName: string "Name of the volume."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
}
StorageOSVolumeSource "A StorageOS volume." {
  volumeName: string "Name of the volume in its namespace."
  volumeNamespace: string "Namespace of the volume; that of the pod when unset."
  fsType: string "File system of the volume, like ext4 or xfs; that of the driver when unset."
  readOnly: bool "True forbids writing; false when unset."
  secretRef: LocalObjectReference "Secret with the credentials."
}
CSIVolumeSource "A volume of a CSI driver that lives as long as the pod." {
  driver: string required always "Name of the driver."
  readOnly: bool? "True forbids writing; false when unset."
  fsType: string? "File system of the volume, like ext4 or xfs; that of the driver when unset."
  volumeAttributes: {string} "What the driver is told."
  nodePublishSecretRef: LocalObjectReference "Secret the driver gets to mount the volume."
}
EphemeralVolumeSource "A claim that is made for the pod." {
  volumeClaimTemplate: PersistentVolumeClaimTemplate "What the claim is like; its name is the pod's, a dash and the volume's."
}
ImageVolumeSource "The content of an image, read-only." {
  reference: string "The image, with tag or digest."
  pullPolicy: string "When it is fetched: Always, IfNotPresent or Never; as for images of containers when unset."
}
KeyToPath "A key and the file it becomes." {
  key: string required always "The key."
  path: string required always "Path of the file inside the volume; relative and without dot-dot."
  mode: int32? "Permission bits of the file, 0 to 0777; defaultMode when unset."
}
DownwardAPIVolumeFile "A file with a field of the pod." {
  path: string required always "Path of the file inside the volume; relative and without dot-dot."
  fieldRef: ObjectFieldSelector "The field: annotations, labels, name, namespace or uid of the pod."
  resourceFieldRef: ResourceFieldSelector "The amount of resources of a container."
  mode: int32? "Permission bits of the file, 0 to 0777; defaultMode when unset."
}
VolumeProjection "One source of a projected volume; exactly one of these." {
  secret: SecretProjection "Keys of a Secret."
  downwardAPI: DownwardAPIProjection "Fields of the pod."
  configMap: ConfigMapProjection "Keys of a ConfigMap."
  serviceAccountToken: ServiceAccountTokenProjection "A token of the ServiceAccount of the pod."
  clusterTrustBundle: ClusterTrustBundleProjection "Certificates of authorities."
  podCertificate: PodCertificateProjection "A key and a certificate of the pod's own."
}
PersistentVolumeClaimTemplate "The claim that is made for a pod." {
  metadata: ObjectMeta always only(labels,annotations) "Labels and annotations of the claim."
  spec: PersistentVolumeClaimSpec required always "What the claim asks for."
}
SecretProjection "Keys of a Secret as files." {
  name: string default("") "Name of the Secret."
  items: [KeyToPath] atomic "Which keys become which files; all of them when unset."
  optional: bool? "True lets the pod start also when the Secret or a key is missing."
}
DownwardAPIProjection "Fields of the pod as files." {
  items: [DownwardAPIVolumeFile] atomic "The files."
}
ConfigMapProjection "Keys of a ConfigMap as files." {
  name: string default("") "Name of the ConfigMap."
  items: [KeyToPath] atomic "Which keys become which files; all of them when unset."
  optional: bool? "True lets the pod start also when the ConfigMap or a key is missing."
}
ServiceAccountTokenProjection "A token that is renewed in time." {
  audience: string "Whom the token is for; the API server when unset."
  expirationSeconds: int64? "Seconds the token is valid, 600 at least; 3600 when unset."
  path: string required always "Path of the file inside the volume."
}
ClusterTrustBundleProjection "Certificates of ClusterTrustBundles in one file." {
  name: string? "The one ClusterTrustBundle; not together with signerName."
  signerName: string? "Takes all ClusterTrustBundles of this signer that labelSelector selects."
  labelSelector: LabelSelector "Selects among those of the signer; none when unset, all when empty."
  optional: bool? "True lets the pod start also when there is none."
  path: string required always "Path of the file inside the volume."
}
PodCertificateProjection "A private key and a certificate, renewed in time." {
  signerName: string required "Who signs."
  keyType: string required "Kind of the key: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519."
  maxExpirationSeconds: int32? "Seconds the certificate may be valid at most; 86400 when unset."
  credentialBundlePath: string "File with key and certificates together."
  keyPath: string "File with the key."
  certificateChainPath: string "File with the certificates."
}
PersistentVolumeClaimSpec "What a claim asks for." {
  accessModes: [string] atomic "How it is to be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."
  selector: LabelSelector "Selects volumes that may be taken."
  resources: VolumeResourceRequirements always "The size that is asked for."
  volumeName: string "The volume that is bound."
  storageClassName: string? "The StorageClass; the default one when unset, none when empty."
  volumeMode: string? "Filesystem or Block; Filesystem when unset."
  dataSource: TypedLocalObjectReference "A snapshot or claim the content is copied from."
  dataSourceRef: TypedObjectReference "Any object the content comes from."
  volumeAttributesClassName: string? "The VolumeAttributesClass."
}
VolumeResourceRequirements "Sizes of a claim." {
  limits: {quantity} "The most it may have."
  requests: {quantity} "What it must have."
}
TypedLocalObjectReference atomic "An object of the same namespace, by kind and name." {
  apiGroup: string? always "Group of the object; the core group when unset."
  kind: string required always "Kind of the object."
  name: string required always "Name of the object."
}
TypedObjectReference "An object by kind and name." {
  apiGroup: string? always "Group of the object; the core group when unset."
  kind: string required always "Kind of the object."
  name: string required always "Name of the object."
  namespace: string? "Namespace of the object; the own one when unset."
}
)";

}  // namespace canaria::api::schema
